"""Addresses of the roadmap."""

from django.urls import path

from feedback.kernel import url_converters
from feedback.roadmap import views
from feedback.roadmap.reports import views as reports

url_converters.register()

app_name = "roadmap"
urlpatterns = [
    path("roadmap/", views.roadmap, name="roadmap"),
    path("roadmap/<public_id:public_id>/", views.item_detail, name="item-detail"),
    path("roadmap/<public_id:public_id>/move/", views.item_move, name="item-move"),
    path("roadmap/<public_id:public_id>/ship/", views.item_ship, name="item-ship"),
    path("roadmap/<public_id:public_id>/edit/", views.item_edit, name="item-edit"),
    path("roadmap/<public_id:public_id>/link/", views.item_link_ask, name="item-link-ask"),
    path("roadmap/<public_id:public_id>/unlink/", views.item_unlink_ask, name="item-unlink-ask"),
    path("releases/", views.release_list, name="release-list"),
    path("releases/<version:version>/", views.release_detail, name="release-detail"),
    path("releases/<version:version>/report/", reports.report, name="report"),
    path("releases/<version:version>/report/near/", reports.report_near, name="report-near"),
    path("releases/<version:version>/results/", reports.report_results, name="report-results"),
]
