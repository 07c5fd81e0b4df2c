/* The timeline of a case's milestones, as the drawing and the list of everything take it. */
import { useQuery } from '@tanstack/react-query';
import { api, body } from '@/api/client';
import type { Row } from '@/api/records';
import type { components } from '@/api/schema';
import type { Life, Step } from '@/sla/timeline';

type Told = components['schemas']['CaseTimeLine']['milestones'] extends (infer One)[] | undefined ? One : never;
export type ToldStep = Step & { actor: string | null; reason: string | null };
export interface ToldLife extends Life {
  id: string;
  row: Row;
  timeline: ToldStep[];
}

function stepOf(step: Told['steps'][number]): ToldStep {
  const after = (step.after ?? {}) as Record<string, unknown>;
  const sum = (after.sum ?? null) as Step['sum'] & { target_at?: string };
  return {
    at: String(after.at ?? step.recorded_at), what: step.step, target_at: sum?.target_at ?? null, sum,
    ...(typeof after.action === 'string' ? { action: after.action } : {}),
    ...(typeof after.cause === 'string' ? { cause: after.cause } : {}),
    ...(after.late === true ? { late: true } : {}),
    actor: step.actor, reason: step.reason,
  };
}

export function useLives(caseId: string, enabled: boolean) {
  return useQuery({
    queryKey: ['rows', 'cases', 'timeline', caseId],
    queryFn: async (): Promise<ToldLife[]> => {
      const told = body(await api.GET('/v1/cases/{id}/timeline', { params: { path: { id: caseId } } }));
      return (told.milestones ?? []).map(({ milestone, steps }) => ({
        id: milestone.id, row: milestone as unknown as Row, name: milestone.name ?? '', occurrence: Number(milestone.occurrence ?? 1),
        state: String(milestone.state), target_at: milestone.target_at ?? null, timeline: steps.map(stepOf),
      }));
    },
    enabled,
  });
}
