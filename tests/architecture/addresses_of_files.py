"""Who gets what at the addresses of files, faces and drawn pictures: as `addresses_of_order` has them.

The picture hangs under Ann's post, which everyone may read; the face is Bo's.
"""

_POST_ONLY = "login 405 405 405 405 405"
_MEMBERS_POST = "login away away away away away"

FILES = [
    ("forum:attachment-create", "", _POST_ONLY, _MEMBERS_POST),
    ("forum:attachment", "attached", "200", "405"),
    ("forum:attachment-small", "attached", "200", "405"),
    # It is sent already, so nobody takes it back.
    ("forum:attachment-remove", "attached", _POST_ONLY, "login 404 404 404 404 404"),
    ("accounts:face", "face", "200", "405"),
    ("accounts:face-change", "", _POST_ONLY, _MEMBERS_POST),
    ("forum:post-picture", "post", "200", "405"),
    ("forum:board-picture", "board", "200", "405"),
    ("asks:ask-picture", "ask", "200", "405"),
    ("asks:ask-picture", "proposed", "404", "405"),
    ("roadmap:item-picture", "item", "200", "405"),
    ("roadmap:release-picture", "release", "200", "405"),
]
