import type { Kernel } from '../client/feature.ts';

/** Removes a feature's record before `reset` forgets the visitor. Where nobody is known, `reset` changes nothing. */
export const forgetRecord = (whenReady: Kernel['whenReady'], name: string): void =>
  void whenReady(({ visitor, records }) => {
    const { userId, companyId } = visitor.identity();
    if (userId ?? companyId) records.remove(name);
  });
