import { buildDemo } from '../demo/build.ts';

/** Builds what ships where a change has outdated it, since the tests drive that. */
export default buildDemo;
