"""``HEED_FILES``: the address of a bucket, or one sentence that says what it must be."""

import pytest

from config.storage import bucket


@pytest.mark.parametrize(
    ("address", "wanted"),
    [
        (
            "s3://key:se%2Fcret@storage.example.org/heed?region=eu-central-1",
            {
                "bucket": "heed",
                "endpoint_url": "https://storage.example.org",
                "aws_access_key_id": "key",
                "aws_secret_access_key": "se/cret",
                "region_name": "eu-central-1",
            },
        ),
        (
            "s3+http://key:secret@[::1]:9000/heed",
            {
                "bucket": "heed",
                "endpoint_url": "http://[::1]:9000",
                "aws_access_key_id": "key",
                "aws_secret_access_key": "secret",
            },
        ),
        ("s3:///heed", {"bucket": "heed"}),
    ],
)
def test_an_address_names_a_bucket(
    monkeypatch: pytest.MonkeyPatch, address: str, wanted: dict[str, str]
) -> None:
    monkeypatch.setenv("HEED_FILES", address)
    assert bucket("HEED_FILES") == wanted


@pytest.mark.parametrize(
    "address",
    [
        "heed",
        "https://storage.example.org/heed",
        "s3://host",
        "s3://host/a/b",
        "s3://key@host/heed",
        "s3://k:s@host:x/heed",
    ],
)
def test_nonsense_is_one_sentence_without_the_secret(
    monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    monkeypatch.setenv("HEED_FILES", address)
    with pytest.raises(
        SystemExit, match="HEED_FILES cannot be used: it must be an address"
    ) as said:
        bucket("HEED_FILES")
    assert address not in str(said.value)


def test_without_the_package_it_says_which(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HEED_FILES", "s3:///heed")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(SystemExit, match="package boto3"):
        bucket("HEED_FILES")


def test_without_an_address_files_lie_in_the_data_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HEED_FILES", raising=False)
    assert bucket("HEED_FILES") == {}
