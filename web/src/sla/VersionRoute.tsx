/* The address of a version leads to the page of its policy. */
import type { MetaType } from '@/api/meta';
import { VersionRoute } from './PolicyPage';

export default function Route({ id }: { type: MetaType; id: string }) {
  return <VersionRoute id={id} />;
}
