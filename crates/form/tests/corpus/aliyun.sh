aliyun pai-dsw POST /api/v2/instances --region cn-hangzhou --body "$(cat <<'JSON'
{"InstanceName": "a", "EcsSpec": "ecs.c6.large"}
JSON
)"
