"""The queries of the platform contract, on days that the sandbox has."""

DAYS = "segments.date BETWEEN '2026-11-01' AND '2026-11-20'"
QUERIES = {
    "account": (
        "SELECT customer.id, customer.descriptive_name, customer.currency_code, customer.time_zone,"
        " customer.manager, customer.test_account, customer.status, customer.auto_tagging_enabled"
        " FROM customer LIMIT 1"
    ),
    "billable unit": (
        "SELECT currency_constant.code, currency_constant.billable_unit_micros,"
        " currency_constant.demand_gen_info.minimum_budget_per_day_micros FROM currency_constant"
        " WHERE currency_constant.code = 'EUR'"
    ),
    "children of MCC": (
        "SELECT customer_client.id, customer_client.level, customer_client.manager,"
        " customer_client.currency_code, customer_client.time_zone, customer_client.status"
        " FROM customer_client WHERE customer_client.level <= 1"
    ),
    "campaign state": (
        "SELECT campaign.id, campaign.name, campaign.status, campaign.serving_status,"
        " campaign.primary_status, campaign.primary_status_reasons, campaign.advertising_channel_type,"
        " campaign.experiment_type, campaign.start_date_time, campaign.end_date_time,"
        " campaign.bidding_strategy_type, campaign.bidding_strategy,"
        " campaign.bidding_strategy_system_status, campaign.manual_cpc.enhanced_cpc_enabled,"
        " campaign.target_spend.cpc_bid_ceiling_micros, campaign.maximize_conversions.target_cpa_micros,"
        " campaign.maximize_conversion_value.target_roas, campaign.target_cpa.target_cpa_micros,"
        " campaign.target_roas.target_roas, campaign.target_impression_share.cpc_bid_ceiling_micros,"
        " campaign.campaign_budget, campaign_budget.id, campaign_budget.name,"
        " campaign_budget.amount_micros, campaign_budget.total_amount_micros, campaign_budget.period,"
        " campaign_budget.explicitly_shared, campaign_budget.reference_count,"
        " campaign_budget.delivery_method, campaign_budget.status, campaign_budget.type,"
        " campaign_budget.recommended_budget_amount_micros FROM campaign"
        " WHERE campaign.status != 'REMOVED'"
    ),
    "portfolio": (
        "SELECT bidding_strategy.id, bidding_strategy.name, bidding_strategy.type,"
        " bidding_strategy.status, bidding_strategy.campaign_count, bidding_strategy.currency_code,"
        " bidding_strategy.target_cpa.target_cpa_micros, bidding_strategy.target_roas.target_roas,"
        " bidding_strategy.maximize_conversion_value.target_roas,"
        " bidding_strategy.maximize_conversions.target_cpa_micros FROM bidding_strategy"
    ),
    "campaign daily": (
        "SELECT campaign.id, segments.date, metrics.cost_micros, metrics.impressions, metrics.clicks,"
        " metrics.conversions, metrics.conversions_value, metrics.conversions_by_conversion_date,"
        " metrics.conversions_value_by_conversion_date, metrics.all_conversions,"
        " metrics.search_impression_share, metrics.search_budget_lost_impression_share,"
        " metrics.search_rank_lost_impression_share, metrics.search_top_impression_share,"
        " metrics.average_target_roas, metrics.average_target_cpa_micros FROM campaign"
        f" WHERE {DAYS}"
    ),
    "campaign hourly": (
        "SELECT campaign.id, segments.date, segments.hour, metrics.cost_micros, metrics.impressions,"
        " metrics.clicks, metrics.conversions, metrics.conversions_value FROM campaign"
        " WHERE segments.date BETWEEN '2026-11-19' AND '2026-11-20'"
    ),
    "ad group daily": (
        "SELECT campaign.id, ad_group.id, ad_group.name, ad_group.status, ad_group.cpc_bid_micros,"
        " ad_group.effective_cpc_bid_micros, ad_group.target_cpa_micros, ad_group.target_roas,"
        " ad_group.effective_target_cpa_micros, ad_group.effective_target_cpa_source, segments.date,"
        " metrics.cost_micros, metrics.clicks, metrics.impressions, metrics.conversions,"
        " metrics.conversions_value FROM ad_group WHERE segments.date DURING LAST_7_DAYS"
        " AND ad_group.status = 'ENABLED'"
    ),
    "keyword daily": (
        "SELECT campaign.id, ad_group.id, ad_group_criterion.criterion_id,"
        " ad_group_criterion.keyword.text, ad_group_criterion.keyword.match_type,"
        " ad_group_criterion.status, ad_group_criterion.cpc_bid_micros,"
        " ad_group_criterion.effective_cpc_bid_micros, ad_group_criterion.effective_cpc_bid_source,"
        " ad_group_criterion.position_estimates.first_page_cpc_micros,"
        " ad_group_criterion.position_estimates.top_of_page_cpc_micros,"
        " ad_group_criterion.quality_info.quality_score, segments.date, metrics.cost_micros,"
        " metrics.clicks, metrics.impressions, metrics.conversions, metrics.conversions_value"
        " FROM keyword_view WHERE segments.date DURING LAST_7_DAYS"
        " AND ad_group_criterion.status = 'ENABLED'"
    ),
    "conversion lag": (
        "SELECT campaign.id, segments.date, segments.conversion_lag_bucket, metrics.conversions,"
        " metrics.conversions_value FROM campaign"
        " WHERE segments.date BETWEEN '2026-10-01' AND '2026-10-31'"
    ),
    "conversion actions": (
        "SELECT conversion_action.id, conversion_action.name, conversion_action.status,"
        " conversion_action.category, conversion_action.primary_for_goal,"
        " conversion_action.include_in_conversions_metric,"
        " conversion_action.click_through_lookback_window_days,"
        " conversion_action.attribution_model_settings.attribution_model,"
        " conversion_action.value_settings.default_value FROM conversion_action"
    ),
    "simulation": (
        "SELECT campaign_simulation.campaign_id, campaign_simulation.type,"
        " campaign_simulation.modification_method, campaign_simulation.start_date,"
        " campaign_simulation.end_date, campaign_simulation.budget_point_list.points,"
        " campaign_simulation.target_roas_point_list.points,"
        " campaign_simulation.target_cpa_point_list.points FROM campaign_simulation"
    ),
    "drift": (
        "SELECT change_event.change_date_time, change_event.change_resource_type,"
        " change_event.change_resource_name, change_event.client_type, change_event.user_email,"
        " change_event.resource_change_operation, change_event.changed_fields,"
        " change_event.old_resource, change_event.new_resource FROM change_event"
        " WHERE change_event.change_date_time >= '2026-11-19 00:00:00'"
        " AND change_event.change_date_time <= '2026-11-21 23:59:59'"
        " AND change_event.change_resource_type IN"
        " ('CAMPAIGN_BUDGET','CAMPAIGN','AD_GROUP','AD_GROUP_CRITERION')"
        " ORDER BY change_event.change_date_time DESC LIMIT 10000"
    ),
    "status drift": (
        "SELECT change_status.resource_name, change_status.last_change_date_time,"
        " change_status.resource_type, change_status.resource_status, change_status.campaign_budget"
        " FROM change_status WHERE change_status.last_change_date_time >= '2026-11-01'"
        " AND change_status.last_change_date_time <= '2026-11-22' LIMIT 10000"
    ),
    "recommendation": (
        "SELECT recommendation.type, recommendation.campaign,"
        " recommendation.campaign_budget_recommendation FROM recommendation"
    ),
    "data exclusions": (
        "SELECT bidding_data_exclusion.data_exclusion_id, bidding_data_exclusion.scope,"
        " bidding_data_exclusion.status, bidding_data_exclusion.start_date_time,"
        " bidding_data_exclusion.end_date_time, bidding_data_exclusion.name,"
        " bidding_data_exclusion.advertising_channel_types, bidding_data_exclusion.campaigns"
        " FROM bidding_data_exclusion WHERE bidding_data_exclusion.status = 'ENABLED'"
    ),
    "seasonality adjustments": (
        "SELECT bidding_seasonality_adjustment.seasonality_adjustment_id,"
        " bidding_seasonality_adjustment.conversion_rate_modifier,"
        " bidding_seasonality_adjustment.start_date_time, bidding_seasonality_adjustment.end_date_time"
        " FROM bidding_seasonality_adjustment"
        " WHERE bidding_seasonality_adjustment.status = 'ENABLED'"
    ),
}
