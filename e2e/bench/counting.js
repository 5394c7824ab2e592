// Makes a page count what its scripts ask the browser for. It runs before them.
window.counts = {
  'cookie reads': 0,
  'cookie writes': 0,
  'storage reads': 0,
  'storage writes': 0,
  databases: 0,
  locks: 0,
  timers: 0,
};

{
  const add = name => {
    window.counts[name]++;
  };
  // Plain http has no locks, and some browsers have no cookie store.
  const wrap = (target, name, ...methods) => {
    for (const method of target ? methods : []) {
      const original = target[method];
      target[method] = function (...rest) {
        add(name);
        return original.apply(this, rest);
      };
    }
  };

  const cookie = Object.getOwnPropertyDescriptor(Document.prototype, 'cookie');
  Object.defineProperty(Document.prototype, 'cookie', {
    configurable: true,
    get() {
      add('cookie reads');
      return cookie.get.call(this);
    },
    set(value) {
      add('cookie writes');
      cookie.set.call(this, value);
    },
  });
  wrap(window.CookieStore?.prototype, 'cookie reads', 'get', 'getAll');
  wrap(window.CookieStore?.prototype, 'cookie writes', 'set', 'delete');

  // A storage is read and written by its methods and by its properties alike.
  const isWriting = name => ['setItem', 'removeItem', 'clear'].includes(name);
  const counting = {
    get(target, name) {
      add(isWriting(name) ? 'storage writes' : 'storage reads');
      const value = Reflect.get(target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
    set(target, name, value) {
      add('storage writes');
      return Reflect.set(target, name, value);
    },
    deleteProperty(target, name) {
      add('storage writes');
      return Reflect.deleteProperty(target, name);
    },
    ownKeys(target) {
      add('storage reads');
      return Reflect.ownKeys(target);
    },
  };
  for (const name of ['localStorage', 'sessionStorage'])
    Object.defineProperty(window, name, { configurable: true, value: new Proxy(window[name], counting) });

  wrap(IDBFactory.prototype, 'databases', 'open');
  wrap(window.LockManager?.prototype, 'locks', 'request', 'query');
  wrap(window, 'timers', 'setTimeout', 'setInterval', 'requestIdleCallback');
}
