"""One scenario, one file: each has `run(lab)`, which measures, complains, or raises LabError."""
