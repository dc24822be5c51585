// The worker of a visitor's own model: apart from the labs' worker, so that its memory ends with it and its faults stay here.
import * as comlink from 'comlink';
import { SmolService } from '../src/own-model/smol-service.ts';
import { foreignRuntime } from '../src/runtime/engine/foreign.ts';
import { hideSubgroups } from '../src/runtime/device/hide-subgroups.ts';

if (self.name === 'without-subgroups') hideSubgroups();
comlink.expose(new SmolService(foreignRuntime));
