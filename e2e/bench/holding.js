// Lets a page hold back the tasks that its scripts set for later, so that what they take is told apart. It runs before them.
{
  const native = {
    setTimeout,
    clearTimeout,
    requestIdleCallback,
    postTask: scheduler.postTask.bind(scheduler),
  };
  let held;
  const cancelled = new Set();
  let id = 1e9;
  /** Keeps a task until it is let go. What begins it then gets the rest of its parameters. */
  const hold = (start, run, rest) => {
    const key = ++id;
    held.push(() => cancelled.delete(key) || start(run, ...rest));
    return key;
  };
  const later =
    start =>
    (run, ...rest) =>
      held ? hold(start, run, rest) : start(run, ...rest);

  window.setTimeout = later(native.setTimeout);
  window.requestIdleCallback = later(native.requestIdleCallback);
  window.clearTimeout = key => (key > 1e9 ? void cancelled.add(key) : native.clearTimeout(key));
  scheduler.postTask = (run, options) =>
    held
      ? new Promise((resolve, reject) =>
          hold(native.postTask, () => Promise.try(run).then(resolve, reject), [options]),
        )
      : native.postTask(run, options);

  window.holdTasks = () => {
    cancelled.clear();
    held = [];
  };
  /** Sets the tasks that were held back, and returns how many these are. */
  window.letGo = () => {
    const tasks = held;
    held = undefined;
    return tasks.filter(start => start() !== true).length;
  };
}
