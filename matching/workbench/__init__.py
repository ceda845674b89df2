"""The coordinators' workbench: shows a computed plan, and offers the verbs to decide on it."""
