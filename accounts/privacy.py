"""The privacy policy of every field of people."""

from core.privacy import DataClass, FieldPolicy, declare

_person = FieldPolicy(DataClass.IDENTITY, "to know who takes part and to write to them")
declare(
    "accounts.User",
    technical="id is_staff is_active is_superuser last_login date_joined new_email_at groups "
    "user_permissions",
    email=_person,
    new_email=FieldPolicy(
        DataClass.IDENTITY,
        "to ask at a new address whether it is the person’s",
        retention="until it is confirmed, 7 days at most",
    ),
    new_email_by=FieldPolicy(
        DataClass.PART,
        "who entered the new address, to ask once more whether they may",
        retention="until it is confirmed, 7 days at most",
    ),
    name=_person,
    salutation=FieldPolicy(DataClass.IDENTITY, "to address people as they wish"),
    language=FieldPolicy(DataClass.PART, "to write in the person's language"),
    phone=FieldPolicy(DataClass.CONTACT, "to reach the tandem partner, given voluntarily"),
    password=FieldPolicy(DataClass.IDENTITY, "sign-in of staff, only as a hash"),
)
