// Installs the runtimes that the relay is run on, where they are not there yet in the versions of package-lock.json.
import { installPackages } from '../install-packages.ts';

try {
  installPackages('runtimes', { hasScripts: true });
} catch (error) {
  if (process.env.CI) throw error;
  console.warn('NOT TESTED: the runtimes could not be installed; with a network, run npm run test:runtimes.');
}
