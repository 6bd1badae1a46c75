aliyun pai-dsw create-instance --region cn-hangzhou --instance-name a --datasets DatasetId=d-1 Dynamic=false \
  --user-vpc '{"VpcId":"vpc-1"}' --environment-variables A=b --image-auth "$AUTH" --profile mine
