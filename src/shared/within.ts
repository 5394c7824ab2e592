/** The value that a late promise is rejected with. */
export const LATE = 'late';

/** Resolves with the result of `work`, or rejects with `LATE` after that time, measured by the page's timer. */
export const within = <T>(
  work: Promise<T>,
  milliseconds: number,
  setTimer: (run: () => void, milliseconds: number) => () => void,
): Promise<T> =>
  new Promise((resolve, reject) => {
    const cancel = setTimer(() => reject(LATE), milliseconds);
    work.then(resolve, reject).finally(cancel);
  });
