// The rest of the page is textual-serve's: a terminal, and a WebSocket to the process that draws on it.
document.querySelector(".closed button").addEventListener("click", () => window.location.reload());
