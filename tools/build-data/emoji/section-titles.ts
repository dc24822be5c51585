// Titles of Unicode's groups and subgroups, written by hand where the packaged translations are wrong or mix scripts.

/** Language -> section key -> title; what is missing here comes from emojibase. */
export const SECTION_TITLES: Record<string, Record<string, string>> = {
  zh: {
    'smileys-emotion': '笑脸与情感', 'people-body': '人物与身体', 'animals-nature': '动物与自然', 'food-drink': '食物与饮料', 'travel-places': '旅行与地点',
    activities: '活动', objects: '物品', symbols: '符号', flags: '旗帜',
    'face-smiling': '笑脸', 'face-affection': '喜爱', 'face-tongue': '吐舌', 'face-hand': '带手势的脸', 'face-neutral-skeptical': '平静与怀疑',
    'face-sleepy': '困倦', 'face-unwell': '不适', 'face-hat': '戴帽子', 'face-glasses': '戴眼镜', 'face-concerned': '担忧', 'face-negative': '愤怒',
    'face-costume': '角色与妖怪', 'cat-face': '猫脸', 'monkey-face': '猴脸', heart: '爱心', emotion: '情感符号',
    'hand-fingers-open': '张开的手', 'hand-fingers-partial': '手势', 'hand-single-finger': '手指指向', 'hand-fingers-closed': '拳头', hands: '双手',
    'hand-prop': '手持物', 'body-parts': '身体部位', person: '人', 'person-gesture': '姿势', 'person-role': '职业与角色', 'person-fantasy': '奇幻人物',
    'person-activity': '人物活动', 'person-sport': '体育运动', 'person-resting': '休息', family: '家庭与伴侣', 'person-symbol': '人物符号',
    'animal-mammal': '哺乳动物', 'animal-bird': '鸟类', 'animal-amphibian': '两栖动物', 'animal-reptile': '爬行动物', 'animal-marine': '海洋动物',
    'animal-bug': '昆虫', 'plant-flower': '花', 'plant-other': '其他植物',
    'food-fruit': '水果', 'food-vegetable': '蔬菜', 'food-prepared': '熟食', 'food-asian': '亚洲食物', 'food-sweet': '甜食', drink: '饮料', dishware: '餐具',
    'place-map': '地图', 'place-geographic': '地貌', 'place-building': '建筑', 'place-religious': '宗教场所', 'place-other': '其他地点',
    'transport-ground': '陆上交通', 'transport-water': '水上交通', 'transport-air': '空中交通', hotel: '旅馆', time: '时间', 'sky-weather': '天空与天气',
    event: '节庆', 'award-medal': '奖牌', sport: '运动', game: '游戏', 'arts-crafts': '艺术与手工',
    clothing: '服饰', sound: '声音', music: '音乐', 'musical-instrument': '乐器', phone: '电话', computer: '电脑', 'light-video': '灯光与影像',
    'book-paper': '书与纸', money: '钱', mail: '邮件', writing: '书写', office: '办公', lock: '锁', tool: '工具', science: '科学', medical: '医疗',
    household: '家居', 'other-object': '其他物品',
    'transport-sign': '交通标志', warning: '警告', arrow: '箭头', religion: '宗教', zodiac: '星座', 'av-symbol': '影音符号', gender: '性别', math: '数学',
    punctuation: '标点', currency: '货币', 'other-symbol': '其他符号', keycap: '键帽', alphanum: '字母与数字', geometric: '几何图形', flag: '其他旗帜',
  },
};
