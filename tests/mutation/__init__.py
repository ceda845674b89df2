"""Small faults put into the product, to see whether the suite notices (``make mutate``)."""
