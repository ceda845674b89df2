"""The outbox: the queue is a table in the database; the broker only triggers delivery (promises S1 to S4)."""
