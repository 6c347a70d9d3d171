// Keeps the diary in this browser if the person chooses so. Everything is worked out by the server from what is sent;
// without this script the same pages work with files alone.
(function () {
  "use strict";
  var KEY = "midback.diary";
  var form = document.getElementById("diary-form");
  if (!form) { return; }
  var held = document.getElementById("diary-held");
  var stored = document.getElementById("diary-stored");
  var began = held.value; // what this page was made with: another tab may change the browser's copy meanwhile

  function part(id) { return document.getElementById(id); }
  function show(id, on) { if (part(id)) { part(id).hidden = !on; } }
  function read() { try { return localStorage.getItem(KEY); } catch (error) { return null; } }
  function keep() {
    try { localStorage.setItem(KEY, held.value); show("device-failed", false); return true; }
    catch (error) { show("device-failed", true); return false; }
  }
  function drop() { try { localStorage.removeItem(KEY); } catch (error) { /* nothing was kept */ } }

  var offset = -new Date().getTimezoneOffset();
  function two(number) { return (number < 10 ? "0" : "") + number; }
  part("diary-zone").value = (offset < 0 ? "-" : "+") + two(Math.floor(Math.abs(offset) / 60)) + ":" + two(Math.abs(offset) % 60);

  var kept = read();
  var box = part("device-keep");
  show("device", box !== null || kept !== null);
  show("device-has", kept !== null);
  show("device-open", kept !== null && !held.value);
  if (box) {
    box.checked = kept !== null;
    if (kept !== null && kept !== held.value) { keep(); }
    box.addEventListener("change", function () {
      if (box.checked) { box.checked = keep(); } else { drop(); }
      show("device-has", box.checked);
      show("device-gone", !box.checked);
    });
  }
  if (part("device-delete")) {
    part("device-delete").addEventListener("click", function () {
      drop();
      if (box) { box.checked = false; }
      show("device-has", false);
      show("device-open", false);
      show("device-gone", true);
    });
  }
  form.addEventListener("submit", function () {
    var now = read();
    stored.value = now !== null && now !== began ? now : ""; // the server joins both, so that nothing is lost
  });
})();
