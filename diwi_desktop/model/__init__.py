"""What a plan is: catalogue, entities, code lists, rules on single plans. Pure: no I/O beyond the packaged data files."""
