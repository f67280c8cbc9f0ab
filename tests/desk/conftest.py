"""What is brought on the desk, for all that follows."""

from tests.desk.bringing import bring as bring
from tests.desk.bringing import desk as desk
