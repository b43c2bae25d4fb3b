"""What a plan is: catalogue, entities, code lists, rules on single plans. Pure: reads only packaged files."""
