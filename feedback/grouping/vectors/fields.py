"""A vector column on both databases."""

from typing import Any

import numpy as np
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from numpy.typing import NDArray
from pgvector import HalfVector


class EmbeddingField(models.Field):  # type: ignore[type-arg]
    """A float vector of any length, read as float32 of shape (dims,), kept in half precision.

    PostgreSQL stores pgvector's ``halfvec``, SQLite two bytes a number. Half precision keeps cosines to
    about 0.001 and halves what a hundred thousand posts weigh.
    """

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        return "halfvec" if connection.vendor == "postgresql" else "BLOB"

    def from_db_value(self, value: Any, *_: Any) -> NDArray[np.float32] | None:
        if value is None:
            return None
        if isinstance(value, str):
            numbers = np.fromstring(value[1:-1], dtype=np.float32, sep=",")
            return numbers.astype(np.float16).astype(np.float32)
        if isinstance(value, HalfVector):
            return value.to_numpy().astype(np.float32)
        return np.frombuffer(value, dtype="<f2").astype(np.float32)

    def get_db_prep_value(
        self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False
    ) -> Any:
        if value is None:
            return None
        if connection.vendor == "postgresql":
            return HalfVector(np.asarray(value, dtype=np.float32)).to_text()
        return np.asarray(value, dtype="<f2").tobytes()
