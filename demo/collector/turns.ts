/** Milliseconds of work after which everything else that waits has its turn. */
const TURN = 10;

interface Piece {
  work: Generator<void, unknown, void>;
  resolve(result: never): void;
  reject(error: unknown): void;
}

const waiting: Piece[] = [];
let isRunning = false;

/**
 * Runs work that would hold up the process, in turns of 10 ms for all of it together. It may be interrupted wherever it
 * yields. Of several pieces each has its turn in the order they came.
 */
export function inTurns<Result>(work: Generator<void, Result, void>): Promise<Result> {
  return new Promise<Result>((resolve, reject) => {
    waiting.push({ work, resolve: resolve as (result: never) => void, reject });
    if (!isRunning) setImmediate(takeTurn);
    isRunning = true;
  });
}

function takeTurn(): void {
  const end = performance.now() + TURN;
  while (waiting.length > 0 && performance.now() < end) {
    const piece = waiting.shift() as Piece;
    if (!advance(piece, end)) waiting.push(piece);
  }
  isRunning = waiting.length > 0;
  if (isRunning) setImmediate(takeTurn);
}

/** Goes on with a piece of work until the time is over. Returns whether it has ended. */
function advance({ work, resolve, reject }: Piece, end: number): boolean {
  try {
    do {
      const step = work.next();
      if (step.done) {
        resolve(step.value as never);
        return true;
      }
    } while (performance.now() < end);
    return false;
  } catch (error) {
    reject(error);
    return true;
  }
}
