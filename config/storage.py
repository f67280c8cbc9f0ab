"""Where files lie: the address of a bucket, read as the other settings are."""

import importlib.util
import os
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from config import environment as env


def bucket(name: str) -> dict[str, Any]:
    """Return what `kernel.bucket.BucketStorage` has to know of a bucket with the interface of S3; empty where there is none.

    The value is ``s3://key:secret@host/bucket?region=…``, ``s3+http://`` without encryption; without a host it is Amazon's.
    """
    env.asked.add(name)
    if name not in os.environ:
        return {}
    sentence = "it must be an address such as s3://KEY:PASSWORD@storage.example.org/bucket"
    try:
        parts = urlsplit(os.environ[name])
        scheme = {"s3": "https", "s3+http": "http"}[parts.scheme]
        host = env.host_of(os.environ[name]) + (f":{parts.port}" if parts.port else "")
        region = parse_qs(parts.query).get("region", [""])[-1]
    except (ValueError, KeyError):
        env.wrong(name, sentence, secret=True)
    folder = parts.path.strip("/")
    if not folder or "/" in folder or bool(parts.username) != bool(parts.password):
        env.wrong(name, sentence, secret=True)
    if importlib.util.find_spec("boto3") is None:
        env.wrong(name, "it names a bucket, for which the package boto3 is needed", secret=True)
    options: dict[str, Any] = {"bucket": folder}
    if host:
        options["endpoint_url"] = f"{scheme}://{host}"
    if parts.username:
        options["aws_access_key_id"] = unquote(parts.username)
        options["aws_secret_access_key"] = unquote(parts.password or "")
    if region:
        options["region_name"] = region
    return options
