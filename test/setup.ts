import fc from 'fast-check';

// The same inputs in every run, so that a red test means a change. FC_SEED=2 npm run unit looks elsewhere.
fc.configureGlobal({ seed: Number(process.env.FC_SEED ?? 1) });
