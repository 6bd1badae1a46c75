import os
vpc = {}
body = {"InstanceName": "a-" + str(5)}
body["UserVpc"] = vpc
vpc["VpcId"] = 'v'
body.update({"Datasets": []})
body["Datasets"].append({"Uri": "u"})
request = CreateInstanceRequest(instance_name="a")
request.user_vpc = CreateInstanceRequestUserVpc()
request.user_vpc.vpc_id = os.getenv("A")
