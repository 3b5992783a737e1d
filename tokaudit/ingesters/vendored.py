"""Whether a file of a source tree is a copy of another project's code, by its path.

The folders and names are those of GitHub Linguist's ``vendor.yml`` (MIT licence), but for its rules about caches,
fixtures, packaging, editors and single configuration files, which mark other things than copies. Folders count at any
depth, because the folder that is ingested may contain many projects.
"""

import re
from functools import cache
from typing import Final

# Of a folder's name in lower case.
_FOLDER: Final = re.compile(
    r"\.yarn|bower_components|node_modules|jspm_packages|web_modules|godeps|dist|deps"
    r"|(?:3rd|third)[-_ ]?party|(?:.*[^a-z])?v+endor(?:s|ed)?|extern(?:al|als)?"
    r"|carthage|pods|sparkle|.+\.framework"
    r"|ace-builds|bourbon|extjs|flow-typed|font-?awesome|mathjax|tiny_mce|admin_media|bootstrap-datepicker"
)
# Of a file's name in lower case: build tools that are copied into each project, and libraries of web pages.
_FILE: Final = re.compile(
    r"configure|config\.(?:guess|sub)|aclocal\.m4|ltmain\.sh|libtool\.m4|lt(?:options|sugar|version|~obsolete)\.m4"
    r"|install-sh|ppport\.h|cpplint\.py|erlang\.mk|rebar|waf|(?:gradlew|mvnw)(?:\.bat|\.cmd)?|dotnet-install\.(?:ps1|sh)"
    r"|jquery(?:[-.](?:\d[\d.]*|ui[^/]*|effects\.[^/]*|fileupload[^/]*|validate[^/]*|datatables|fancybox|slim))*"
    r"(?:[-.]min)?\.(?:js|css)"
    r"|(?:bootstrap|font-?awesome|foundation|normalize|animate|bulma|skeleton|materialize|fontello)"
    r"(?:[-.](?:theme|grid|reboot|utilities|bundle|rtl|\d[\d.]*))*(?:[-.]min)?\.(?:css|less|s[ac]ss|styl|js)"
    r"|(?:angular|backbone|chart|ckeditor|codemirror|cordova|d3|dojo|ember|fuelux|handlebars|html5shiv|knockout|mochikit"
    r"|modernizr|mootools|prototype|react|react-dom|require|respond|socket\.io|tiny_mce|underscore|vue|zepto)"
    r"(?:[-.](?:v?\d[\d.]*|core|custom|debug|development|production|global|runtime))*(?:[-.]min)?\.js"
    r"|shbrush[^.]*\.js|sh(?:core|legacy)\.js|pdf\.worker\.js|[^.]+-vsdoc\.js"
)


@cache
def _is_copied(folder: str) -> bool:
    return _FOLDER.fullmatch(folder) is not None


def is_vendored(below: str) -> bool:
    """Whether a path, with forward slashes, leads into a folder of copied code or to a file of a well-known name."""
    *folders, name = below.lower().split("/")
    return any(map(_is_copied, folders)) or _FILE.fullmatch(name) is not None
