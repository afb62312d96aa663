"""From files to the catalogue, as a durable workflow.

Nothing is imported here: a process that reads files must not wait for the database, nor take the memory for it.
`verriere.ingest.run` and `verriere.ingest.check` have what others call; `verriere.ingest.assign` is for who sorts the
quarantine.
"""
