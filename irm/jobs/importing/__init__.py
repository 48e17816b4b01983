"""Try, run and undo imports: some rows at a time, those wholly or not at all."""

from irm.jobs.importing.running import run
from irm.jobs.importing.states import given_up
from irm.jobs.importing.sweeping import sweep
from irm.jobs.importing.trying import preview
from irm.jobs.importing.trying import run as run_try
from irm.jobs.importing.undoing import run as run_undo

__all__ = ["given_up", "preview", "run", "run_try", "run_undo", "sweep"]
