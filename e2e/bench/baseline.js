// The baseline: what a team writes by hand in an afternoon. An outbox in localStorage, a keepalive fetch, removal after a 2xx.
window.track = (() => {
  const PREFIX = 'track_';
  let url;
  const send = async key => {
    const body = localStorage.getItem(key);
    if (!body) return;
    const headers = { 'Content-Type': 'application/json', 'X-Moesif-Application-Id': 'bench' };
    const { ok } = await fetch(url, { method: 'POST', keepalive: true, headers, body });
    if (ok) localStorage.removeItem(key);
  };
  const sendAll = async () => {
    const keys = Object.keys(localStorage).filter(key => key.startsWith(PREFIX));
    for (const key of keys.sort()) await send(key).catch(() => {});
  };
  return {
    init(host) {
      if (url) return;
      url = `${host}/v1/users`;
      if (!document.cookie.includes('track_id='))
        document.cookie = `track_id=${crypto.randomUUID()}; path=/; max-age=31536000; samesite=lax`;
      addEventListener('online', sendAll);
      setInterval(sendAll, 5000);
      sendAll();
    },
    identify(user_id, metadata) {
      const anonymous_id = document.cookie.match(/track_id=([^;]*)/)?.[1];
      const key = `${PREFIX}${Date.now()}_${Math.random()}`;
      localStorage.setItem(key, JSON.stringify({ user_id, anonymous_id, metadata }));
      send(key).catch(() => {});
    },
  };
})();
