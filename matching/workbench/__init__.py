"""The coordinators' workbench: a computed plan to read, to weigh and to decide from."""
