// Readies the public pages for when there is no network; keeps the summary only when asked; forgets everything on request.
(function () {
  "use strict";
  var KEPT = "midback-kept"; // the same name stands in worker.js

  function forget() {
    try {
      Object.keys(localStorage).filter(function (key) { return key.indexOf("midback.") === 0; })
        .forEach(function (key) { localStorage.removeItem(key); });
    } catch (error) { /* nothing was kept */ }
    if (window.caches) { caches.delete(KEPT); }
  }
  var leave = document.querySelector("a.leave");
  if (leave) { leave.addEventListener("click", forget); }
  document.querySelectorAll("form[action^='/delete']").forEach(function (form) { form.addEventListener("submit", forget); });

  if ("serviceWorker" in navigator && location.pathname !== "/deleted") {
    navigator.serviceWorker.register("/service-worker.js?lang=" + document.documentElement.lang).catch(function () { /* goes without */ });
  }

  function part(id) { return document.getElementById(id); }
  var offer = part("keep-summary");
  if (!offer || !window.caches) { return; }
  function say(id) { ["kept-done", "kept-failed", "kept-dropped"].forEach(function (name) { part(name).hidden = name !== id; }); }
  function mark(kept) { part("kept-open").hidden = !kept; part("kept-drop").hidden = !kept; }
  offer.hidden = false;
  caches.open(KEPT).then(function (cache) { return cache.match("/kept"); }).then(function (found) { mark(Boolean(found)); });
  offer.querySelector("form").addEventListener("submit", function (event) {
    event.preventDefault();
    fetch(event.target.action, { method: "POST", body: new URLSearchParams(new FormData(event.target)) })
      .then(function (response) {
        if (!response.ok || response.redirected) { throw new Error("no summary"); }
        return caches.open(KEPT).then(function (cache) { return cache.put("/kept", response); });
      })
      .then(function () { mark(true); say("kept-done"); }, function () { say("kept-failed"); });
  });
  part("kept-drop").addEventListener("click", function () {
    caches.delete(KEPT).then(function () { mark(false); say("kept-dropped"); });
  });
})();
