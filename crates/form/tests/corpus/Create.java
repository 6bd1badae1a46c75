import com.aliyun.pai_dsw20220101.models.*;
CreateInstanceRequest request = new CreateInstanceRequest()
    .setInstanceName("a").setPriority(1L).setEnvironmentVariables(map("A", secret("B")))
    .setDatasets(Arrays.asList(new CreateInstanceRequest.CreateInstanceRequestDatasets().setUri("b")))
    .setMigrationOptions(map("n", (Object) null, "m", new java.math.BigDecimal("1.5")));
