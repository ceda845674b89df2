"""``python -m mentoring.operations.set_up``: makes what the product needs and the repository does not hold,
compiled translations and fonts. What is there and up to date is left as it is."""

from __future__ import annotations

from mentoring.operations import fonts, translations


def main() -> None:
    """Makes all of it."""
    translations.compile_all()
    fonts.make_all()


if __name__ == "__main__":
    main()
