import { type Dimension, type DimensionEntry, LISTS } from '@xinglin/contracts';
import type { Bilingual } from '@xinglin/contracts/api.ts';

/** Words for the closed lists of the fact schemas. A list of its own meaning has its own entry: `class=other` is not `channel=other`. */
const words = (text: string): Record<string, Bilingual> =>
  Object.fromEntries(
    text
      .trim()
      .split('\n')
      .map((line) => line.trim().split('|'))
      .map(([code = '', zh = '', en = '']) => [code, { zh, en }]),
  );

const GENERAL = words(`
outpatient|门诊|outpatient visit
emergency|急诊|emergency visit
inpatient|住院|inpatient stay
checkup|体检|check-up
online|线上|online visit
home|居家|home
laboratory|检验|laboratory
vital-signs|生命体征|vital signs
imaging|影像|imaging
survey|问卷|survey
social-history|生活史|social history
exam|检查|exam
device|设备|device
surgery|手术|surgery
treatment|治疗|treatment
order|医嘱|order
dispense|发药|dispensing
administration|给药|administration
statement|用药自述|statement
drug|药品|drugs
consumable|卫生材料|consumables
bed|床位|bed
nursing|护理|nursing
registration|挂号|registration
wechat|微信|WeChat
app|APP|app
web|网页|web page
phone|电话|phone
window|窗口|window
kiosk|自助机|kiosk
referral|转诊|referral
sms|短信|SMS
in-room|现场|in the room
paper|纸质|paper
inbox|站内信|inbox
visit|上门|home visit
letter|信件|letter
12345|12345 热线|12345 hotline
weibo|微博|Weibo
douyin|抖音|Douyin
xiaohongshu|小红书|Xiaohongshu
dianping|大众点评|Dianping
haodf|好大夫在线|Haodf
baidu|百度|Baidu
review|评价|review
mention|提及|mention
article|文章|article
search|搜索|search
positive|正面|positive
neutral|中性|neutral
negative|负面|negative
complaint|投诉|complaint
praise|表扬|praise
suggestion|建议|suggestion
low|一般|low
medium|较重|medium
high|严重|high
day|白班|day shift
night|夜班|night shift
planned|计划|planned
in-progress|进行中|in progress
finished|已完成|finished
cancelled|已取消|cancelled
booked|已预约|booked
arrived|已报到|checked in
fulfilled|已就诊|seen
noshow|爽约|no-show
active|进行中|active
due|待随访|due
done|已完成|done
unreachable|未接通|not reached
refused|拒访|refused
overdue|已逾期|overdue
sent|已发送|sent
delivered|已送达|delivered
read|已读|read
failed|发送失败|failed
skipped|未发送|not sent
normal|正常|normal
abnormal|异常|abnormal
manual|人工|by hand
alert|预警|alert
opened|建单|opened
assigned|派单|assigned
contacted|首次联系|first contact
working|处理中|being worked on
resolved|待复核|resolved, to be reviewed
closed|关闭|closed
escalated|升级|escalated
rerated|复评|re-rated
transfer|转院|transferred
community|转社区|to community care
against-advice|非医嘱离院|against advice
died|死亡|died
male|男|male
female|女|female
page|浏览页面|page view
screen|浏览页面|screen view
track|行为|action
identify|身份识别|identified
group|加入群组|joined a group
alias|账号合并|account joined
none|无|none
other|其他|other
unknown|未知|unknown
0-5|0–5 岁|0–5 years
6-17|6–17 岁|6–17 years
18-44|18–44 岁|18–44 years
45-59|45–59 岁|45–59 years
60-74|60–74 岁|60–74 years
75+|75 岁及以上|75 years and over
followup|随访|follow-up
satisfaction|满意度调查|satisfaction survey
care|诊疗|care
health-education|健康宣教|health education
marketing|营销|marketing
employee|职工医保|employee insurance
resident|居民医保|resident insurance
commercial|商业保险|commercial insurance
self-pay|自费|self-pay
self|自费|self-pay
insured|医保|insured
mini-program|小程序|mini-program
h5|H5 页面|H5 page
wait|等候|waiting
cost|费用|cost
attitude|态度|attitude
environment|环境|environment
signs|标识|signs
parking|停车|parking
privacy|隐私|privacy
response|响应|response
pharmacy|药房|pharmacy
doctor|医生|doctor
nurse|护士|nurse
skill|技术|skill
food|餐饮|food
discharge|出院手续|discharge
`);

export const UNMAPPED: Bilingual = { zh: '未映射', en: 'unmapped' };
export const NOT_GIVEN: Bilingual = { zh: '未提供', en: 'not given' };

/** The word for a code of a closed list; the code itself when it is none of ours (campaigns, pages, item codes). */
export const labelOf = (code: string): Bilingual => GENERAL[code] ?? { zh: code, en: code };

export const isListed = (dimension: string): dimension is Dimension => (LISTS as readonly string[]).includes(dimension);

/** English falls back to Chinese: names are never translated by machine. */
export const entryName = (entry: DimensionEntry): Bilingual => ({ zh: entry.nameZh, en: entry.nameEn ?? entry.nameZh });

/** The dictionary of one dimension as a look-up; a code the dictionary does not know stands for itself. */
export const namer =
  (entries: ReadonlyMap<string, DimensionEntry>, absent: Bilingual = UNMAPPED) =>
  (code: string | null): Bilingual => {
    if (code === null) return absent;
    const entry = entries.get(code);
    return entry === undefined ? { zh: code, en: code } : entryName(entry);
  };
