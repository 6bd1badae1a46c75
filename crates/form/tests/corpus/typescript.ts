const client = new Core(new $OpenApiUtil.Config({ regionId: 'cn-hangzhou' }));
const body = { InstanceName: `a`, ['__proto__']: process.env.A ?? '', 'Tag': [{ Key: "k" + "l", Value }], };
const request = new $dsw.CreateInstanceRequest({ userVpc: new $dsw.CreateInstanceRequestUserVpc({ vpcId: '\u{1f600}' }) });
