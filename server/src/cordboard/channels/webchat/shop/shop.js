// The page tells the widget what is in the basket; rules of invitation may look at it.
const add = document.getElementById("add");
const basket = document.getElementById("basket");
let total = 0;
add?.addEventListener("click", () => {
  total += Number(add.dataset.price);
  basket.textContent = `${add.dataset.done}: € ${total}`;
  window.Cordboard?.set({ basket: total });
});
