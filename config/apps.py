"""The applications of others that this house sets up in its own way."""

from django.contrib.admin.apps import AdminConfig


class OperatorsAdmin(AdminConfig):
    """``django.contrib.admin`` with the doors of this house."""

    default_site = "config.operators.OperatorsSite"
