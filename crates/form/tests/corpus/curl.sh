set -e
region=cn-hangzhou
body='{"InstanceName": "it'\''s", "ImageAuth": '"$(json_text DSW_IMAGE_AUTH)"'}'
reply=$(printf '%s' "$body" | curl --config <(token) -H $'A: \x41' --data-binary @- "${gateway:-http://h}/api/v2/instances?RegionId=$region") || exit 1
