"""Copies of other projects, by path."""

import pytest

from tokaudit.ingesters.vendored import is_vendored


@pytest.mark.parametrize(
    "below",
    [
        "vendor/underscore/underscore.js",
        "src/pip/_vendor/rich/console.py",
        "repo/Vendor/x.go",
        "node_modules/left-pad/index.js",
        "web/bower_components/x.css",
        "third_party/zlib/zlib.h",
        "thirdparty/x.c",
        "3rd-party/x.c",
        "ThirdParty/x.c",
        "a/external/x.c",
        "extern/x.c",
        "dist/lodash.js",
        "deps/x.c",
        "Godeps/_workspace/x.go",
        "Pods/A/x.m",
        "Carthage/Build/x.h",
        "ios/Realm.framework/Headers/x.h",
        ".yarn/releases/yarn.cjs",
        "js/jquery.js",
        "js/jquery-3.7.1.min.js",
        "js/jquery-ui.js",
        "css/bootstrap-theme.css",
        "js/bootstrap.bundle.min.js",
        "js/d3.v7.min.js",
        "js/react-dom.development.js",
        "css/font-awesome.css",
        "configure",
        "build/config.guess",
        "gradlew.bat",
        "mvnw",
        "inc/ppport.h",
    ],
)
def test_folders_and_names_of_copies_are_vendored(below: str) -> None:
    assert is_vendored(below)


@pytest.mark.parametrize(
    "below",
    [
        "src/main.py",
        "vendor.py",
        "src/vendoring.py",
        "vendors.json",
        "src/externalize/x.py",
        "distributed/x.py",
        "node_modules",
        "src/dist",
        "src/cache/lru.py",
        "dependencies/fastapi.py",
        "tests/fixtures/x.json",
        ".gitignore",
        "types/index.d.ts",
        "js/jqueryish.js",
        "js/reaction.js",
        "d3.py",
        "src/configure.py",
        "docs/_static/custom.css",
        "",
    ],
)
def test_the_code_of_the_project_itself_is_not_vendored(below: str) -> None:
    assert not is_vendored(below)
