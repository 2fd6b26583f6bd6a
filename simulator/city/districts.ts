/**
 * The city of Xingcheng 杏城 and what lies around it. It is invented: its codes use prefecture 99 of province 33, which GB/T 2260 never gave out.
 */
export interface District {
  readonly code: string;
  readonly nameZh: string;
  readonly nameEn: string;
  /** Share of the hospital's households. */
  readonly share: number;
  readonly kilometres: number;
  /** How much older than the city's mean its people are, in steps of family type (see people/household.ts). */
  readonly ageing: number;
  readonly streets: readonly string[];
}

export const CITY = { nameZh: '杏城市', nameEn: 'Xingcheng', provinceZh: '杏江省' } as const;

/** A loss driver: people who live this far or farther come back less (truth/effects.json, `loss`). */
export const FAR_KILOMETRES = 40;

export const DISTRICTS: readonly District[] = [
  {
    code: '339902',
    nameZh: '鼓楼区',
    nameEn: 'Gulou',
    share: 20,
    kilometres: 3,
    ageing: 1.3,
    streets: ['中山路', '鼓楼街', '文昌巷', '书院路', '南门大街', '解放路'],
  },
  {
    code: '339903',
    nameZh: '江北区',
    nameEn: 'Jiangbei',
    share: 18,
    kilometres: 7,
    ageing: 0.9,
    streets: ['滨江大道', '江北路', '望江街', '船厂路', '渡口巷'],
  },
  { code: '339904', nameZh: '杏林区', nameEn: 'Xinglin', share: 16, kilometres: 5, ageing: 1, streets: ['杏林路', '董奉街', '百草巷', '济世路', '春晖路'] },
  {
    code: '339905',
    nameZh: '高新区',
    nameEn: 'Gaoxin',
    share: 14,
    kilometres: 12,
    ageing: 0.6,
    streets: ['创新大道', '科技路', '云栖街', '软件园一路', '星湖路'],
  },
  { code: '339906', nameZh: '西湾区', nameEn: 'Xiwan', share: 9, kilometres: 16, ageing: 0.9, streets: ['西湾路', '港湾街', '渔人巷', '海棠路'] },
  { code: '339921', nameZh: '青溪县', nameEn: 'Qingxi', share: 8, kilometres: 46, ageing: 1.4, streets: ['青溪镇人民路', '石桥镇', '竹坑乡', '茶园村'] },
  { code: '339922', nameZh: '云台县', nameEn: 'Yuntai', share: 6, kilometres: 68, ageing: 1.5, streets: ['云台镇建设路', '松岭乡', '古渡镇', '上坪村'] },
  { code: '339981', nameZh: '临川市', nameEn: 'Linchuan', share: 6, kilometres: 82, ageing: 1.1, streets: ['临川大道', '府前路', '东河街道'] },
  { code: '339900', nameZh: '外地', nameEn: 'Out of town', share: 3, kilometres: 240, ageing: 0.8, streets: ['站前路', '新村', '幸福小区'] },
];

export interface Competitor {
  readonly code: string;
  readonly nameZh: string;
  readonly nameEn: string;
  /** Share of patients who leave that it receives. */
  readonly pull: number;
}
export const COMPETITORS: readonly Competitor[] = [
  { code: 'C1', nameZh: '杏城市第二人民医院', nameEn: 'Xingcheng Second People’s Hospital', pull: 0.6 },
  { code: 'C2', nameZh: '江北康华医院', nameEn: 'Jiangbei Kanghua Hospital', pull: 0.4 },
];

/** Community clinics that refer (channel 转诊 of bookings). */
export const CLINICS = ['鼓楼街道社区卫生服务中心', '江北社区卫生服务中心', '百草巷社区卫生服务站', '高新园区社区卫生服务中心', '青溪镇卫生院', '云台镇卫生院'];
