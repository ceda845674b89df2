"""The texts of the demo data: invented people, what they wrote, and the workshops of a year."""
