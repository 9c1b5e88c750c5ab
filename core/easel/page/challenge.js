document.getElementById("challenge").addEventListener("click", async () => {
  await fetch("/auth/human", { method: "POST" });
  location.reload();
});
