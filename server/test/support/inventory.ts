import { join } from 'node:path';
import type { Inventory } from '../../src/kernel/inventory.ts';
import { openBundledInventory } from '../../src/target/inventory-bundled.ts';

/** The kernel that comes with Kgent: Debian 13's 6.12, with the modules programs trace. */
export const bundled: Inventory = await openBundledInventory(join(import.meta.dirname, '../../../knowledge/kernels'));
