"""The privacy policy of every field of personal links."""

from core.privacy import DataClass, FieldPolicy, declare

declare(
    "links.ActionLink",
    technical="id purpose object_type object_id version token_hash created_at expires_at used_at closed_at closed_as",
    holder=FieldPolicy(DataClass.PART, "who may decide", retention="12 months"),
)
