"""The built front end is served to be kept for ever, and to nobody else's pages."""

import pytest

from irm.web.assets import STATIC, asset


@pytest.mark.skipif(
    not (STATIC / "dist" / "manifest.json").exists(), reason="the front end is not built here"
)
@pytest.mark.parametrize("backend", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", ["app.js", "app.css", "icons.svg"])
def test_a_built_file_may_be_kept_for_ever_and_is_ours_alone(app, name):
    response = app.test_client().get(asset(name))

    assert response.status_code == 200
    assert "immutable" in response.headers["Cache-Control"]
    assert "Access-Control-Allow-Origin" not in response.headers
    response.close()
