// `load` comes after the async script, so `utmost` is there.
addEventListener('load', () => {
  document.querySelector('#campaign').value = utmost.getCampaign()?.utm_campaign ?? 'none';
});

document.querySelector('#login').addEventListener('submit', async event => {
  event.preventDefault();
  const email = new FormData(event.target).get('email');
  // Your login, which knows the user's id.
  const user = { id: `user-${email}`, email };
  const { status } = await utmost.identifyUser(user.id, { email: user.email });
  document.querySelector('#status').textContent = status;
});
