import os
client = Client(Config(region_id="cn-hangzhou"))
request = dsw.CreateInstanceRequest(
    instance_name="a" 'b',  # a name
    image_auth=os.environ["DSW_IMAGE_AUTH"],
    datasets=[dsw.CreateInstanceRequestDatasets(uri=r'''oss:\\b''', dynamic=False)],
)
body = {"InstanceName": f"{name}", "Driver": json.dumps({"a": (1, None)})}
