import { BarChart, LineChart } from 'echarts/charts';
import { GridComponent, LegendComponent, MarkLineComponent, TooltipComponent } from 'echarts/components';
import { type EChartsCoreOption, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';

use([BarChart, LineChart, GridComponent, LegendComponent, MarkLineComponent, TooltipComponent, SVGRenderer]);

export interface CanvasProps {
  readonly option: EChartsCoreOption;
  /** Called with the index of the point or bar that was clicked, and the series' id. */
  readonly onPick?: ((index: number, seriesId: string | undefined) => void) | undefined;
}

/** The drawing itself, in a chunk of its own. Decorative for assistive technology: the table view says the same. */
export default function Canvas({ option, onPick }: CanvasProps) {
  const holder = useRef<HTMLDivElement>(null);
  const chart = useRef<ReturnType<typeof init>>(undefined);
  const pick = useRef(onPick);
  pick.current = onPick;

  useEffect(() => {
    if (holder.current === null) return;
    const made = init(holder.current, null, { renderer: 'svg' });
    chart.current = made;
    // Anywhere in the plot counts, not only the exact point of a line.
    made.getZr().on('click', (event) => {
      const at = [event.offsetX, event.offsetY];
      if (!made.containPixel('grid', at)) return;
      const [x, y] = made.convertFromPixel('grid', at) as [number, number]; // two numbers in, two out
      const option = made.getOption() as { yAxis?: { type?: string }[] };
      const index = Math.round(option.yAxis?.[0]?.type === 'category' ? y : x);
      pick.current?.(index, undefined);
    });
    const watcher = new ResizeObserver(() => made.resize());
    watcher.observe(holder.current);
    return () => {
      watcher.disconnect();
      made.dispose();
    };
  }, []);

  useEffect(() => {
    chart.current?.setOption(option, { notMerge: true });
  }, [option]);

  return <div ref={holder} className="canvas" style={{ cursor: onPick === undefined ? 'default' : 'pointer' }} />;
}
