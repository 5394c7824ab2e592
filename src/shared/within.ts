/** What a promise that took too long is rejected with. */
export const LATE = 'late';

/** The work's result; a rejection with `LATE` where it takes longer than that, by a timer as the page has it. */
export const within = <T>(
  work: Promise<T>,
  milliseconds: number,
  later: (run: () => void, milliseconds: number) => () => void,
): Promise<T> =>
  new Promise((resolve, reject) => {
    const cancel = later(() => reject(LATE), milliseconds);
    work.then(resolve, reject).finally(cancel);
  });
