// Puts what stands after "#" in the address into the form. Works only where the person opened such a link.
(function () {
  "use strict";
  var field = document.getElementById("link");
  if (field && location.hash.length > 1) {
    field.value = location.hash.slice(1);
    history.replaceState(null, "", location.pathname);
    document.getElementById("open").focus();
  }
})();
