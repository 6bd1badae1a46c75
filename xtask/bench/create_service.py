"""The anchor of the creates: a minimal service that passes a create on with the vendor's SDK.

    STUB=127.0.0.1:9000 uvicorn create_service:app --port 9001
"""

import os

from alibabacloud_pai_dsw20220101.client import Client
from alibabacloud_pai_dsw20220101.models import CreateInstanceRequest
from alibabacloud_tea_openapi.models import Config
from alibabacloud_tea_util.models import RuntimeOptions
from fastapi import FastAPI, Request

app = FastAPI()
client = Client(
    Config(
        access_key_id="bench",
        access_key_secret="bench",
        endpoint=os.environ["STUB"],
        protocol="HTTP",
    )
)


@app.get("/healthz")
async def health():
    return {}


@app.post("/api/v2/instances")
async def create(request: Request):
    body = CreateInstanceRequest().from_map(await request.json())
    reply = await client.create_instance_with_options_async(body, {}, RuntimeOptions())
    return reply.body.to_map()
