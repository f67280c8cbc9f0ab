"""Who gets what at the addresses that stand in files of their own."""

from tests.architecture.addresses_of_answers import ANSWERS
from tests.architecture.addresses_of_asks import ASKS
from tests.architecture.addresses_of_closed import CLOSED
from tests.architecture.addresses_of_desk import DESK
from tests.architecture.addresses_of_doors import DOORS
from tests.architecture.addresses_of_files import FILES
from tests.architecture.addresses_of_honours import HONOURS
from tests.architecture.addresses_of_identity import IDENTITY
from tests.architecture.addresses_of_order import ORDER
from tests.architecture.addresses_of_own import OWN
from tests.architecture.addresses_of_priority import PRIORITY
from tests.architecture.addresses_of_rights import RIGHTS
from tests.architecture.addresses_of_taking_part import TAKING_PART

ELSEWHERE = [
    *ANSWERS,
    *ASKS,
    *CLOSED,
    *DESK,
    *DOORS,
    *HONOURS,
    *IDENTITY,
    *ORDER,
    *OWN,
    *FILES,
    *PRIORITY,
    *RIGHTS,
    *TAKING_PART,
    # Shows who asks by a token of its own, which nobody here has.
    ("ops:metrics", "", "404"),
]
