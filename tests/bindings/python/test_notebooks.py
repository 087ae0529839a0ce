"""The notebooks run from their first cell to the last; they end in assertions of their own."""

import os
import pathlib

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOKS = pathlib.Path(os.environ["POWERSTROKE_EXAMPLES"]) / "notebooks"


@pytest.mark.filterwarnings("default")  # of the kernel's own libraries
@pytest.mark.parametrize("name", ["paper", "thermostat"])
def test_notebook(name, tmp_path):
    notebook = nbformat.read(NOTEBOOKS / f"{name}.ipynb", as_version=4)
    assert not any(cell.get("outputs") for cell in notebook.cells)  # outputs are not kept in the tree
    NotebookClient(notebook, timeout=300, resources={"metadata": {"path": str(tmp_path)}}).execute()
    shown = [output for cell in notebook.cells for output in cell.get("outputs", ())]
    assert any("image/png" in output.get("data", {}) for output in shown)
